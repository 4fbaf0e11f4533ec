// SPDX-License-Identifier: Apache-2.0
#include "crawler/confined_process.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_format.h"

namespace modelwatch::crawler {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "say which audit architecture the system calls below are numbers of"
#endif

constexpr long kDenied[] = {
    SYS_socket,         SYS_socketpair, SYS_connect,   SYS_clone,
    SYS_clone3,         SYS_execveat,   SYS_ptrace,    SYS_kill,
    SYS_tkill,          SYS_tgkill,     SYS_bpf,       SYS_process_vm_readv,
    SYS_unshare,        SYS_setns,      SYS_mount,     SYS_keyctl,
    SYS_io_uring_setup, SYS_openat2,    SYS_unlinkat,  SYS_renameat,
    SYS_renameat2,      SYS_linkat,     SYS_symlinkat, SYS_mkdirat,
    SYS_mknodat,        SYS_fchmodat,   SYS_fchownat,  SYS_truncate,
#ifdef SYS_fork
    SYS_fork,           SYS_vfork,      SYS_open,      SYS_creat,
    SYS_unlink,         SYS_rename,     SYS_link,      SYS_symlink,
    SYS_mkdir,          SYS_rmdir,      SYS_mknod,     SYS_chmod,
    SYS_chown,          SYS_lchown,
#endif
};
constexpr uint32_t kRefusal = SECCOMP_RET_ERRNO | EPERM;

constexpr uint32_t kWrites = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

sock_filter Load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
sock_filter SkipIf(uint32_t value, uint8_t equal, uint8_t other) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, equal, other);
}
sock_filter Return(uint32_t what) { return BPF_STMT(BPF_RET | BPF_K, what); }

// Refuses the system calls above, by which a program makes others, talks to others or changes
// files, and openat unless it only reads.
std::vector<sock_filter> Filter() {
  std::vector<sock_filter> filter = {Load(offsetof(seccomp_data, arch)),
                                     SkipIf(kArchitecture, 1, 0), Return(SECCOMP_RET_KILL_PROCESS),
                                     Load(offsetof(seccomp_data, nr))};
  for (const long denied : kDenied) {
    filter.push_back(SkipIf(static_cast<uint32_t>(denied), 0, 1));
    filter.push_back(Return(kRefusal));
  }
  filter.push_back(SkipIf(SYS_openat, 0, 4));
  filter.push_back(Load(offsetof(seccomp_data, args) + 2 * sizeof(uint64_t)));  // its lower half
  filter.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kWrites));
  filter.push_back(SkipIf(0, 1, 0));
  filter.push_back(Return(kRefusal));
  filter.push_back(Return(SECCOMP_RET_ALLOW));
  return filter;
}

bool Limit(__rlimit_resource_t resource, uint64_t most) {
  const rlimit limit{most, most};
  return setrlimit(resource, &limit) == 0;
}

// In the child, where another thread may have held any lock: system calls alone.
[[noreturn]] void Become(char* const* command, int input, int output, const sock_fprog& filter,
                         const Confinement& confinement) {
  static char locale[] = "LC_ALL=C.UTF-8";
  char* const environment[] = {locale, nullptr};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int each : {SIGXFSZ, SIGXCPU, SIGPIPE, SIGTERM, SIGINT}) signal(each, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  const long closed = syscall(SYS_close_range, 3, ~0U, 0);
  const bool is_limited = Limit(RLIMIT_CORE, 0) && Limit(RLIMIT_NOFILE, 64) &&
                          Limit(RLIMIT_CPU, confinement.cpu_seconds) &&
                          Limit(RLIMIT_FSIZE, confinement.output_bytes) &&
                          Limit(RLIMIT_AS, confinement.memory_bytes);
  const bool is_confined = is_limited && nowhere >= 0 && closed == 0 &&
                           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
  if (!is_confined) _exit(kNotConfined);
  execve(command[0], command, environment);
  _exit(kNoProgram);
}

// An anonymous file that holds `bytes`, read from its start; -1 without the memory for it.
int MemoryFile(std::string_view bytes) {
  const int file = memfd_create("modelwatch", MFD_CLOEXEC);
  while (file >= 0 && !bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      close(file);
      return -1;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (file >= 0) lseek(file, 0, SEEK_SET);
  return file;
}

}  // namespace

absl::StatusOr<ConfinedProcess> StartConfined(const std::vector<std::string>& command,
                                              std::string_view input,
                                              const Confinement& confinement) {
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<sock_filter> code = Filter();
  const sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
  const int in = MemoryFile(input);
  const int out = MemoryFile("");
  const pid_t pid = in < 0 || out < 0 ? -1 : fork();
  if (pid == 0) Become(argv.data(), in, out, filter, confinement);
  const int error = errno;
  if (in >= 0) close(in);
  if (pid > 0) return ConfinedProcess{pid, out};
  if (out >= 0) close(out);
  return absl::FailedPreconditionError(
      absl::StrFormat("start %s: %s", command.front(), std::strerror(error)));
}

}  // namespace modelwatch::crawler
