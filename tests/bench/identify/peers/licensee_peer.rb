# SPDX-License-Identifier: Apache-2.0
# licensee over the paths on standard input, in one process: one JSON line a file, times in CPU time.
def cpu = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
require 'json'
require 'licensee'
Licensee::License.all(hidden: true, pseudo: false).each(&:content_normalized)
puts JSON.generate({ start_s: cpu })
$stdout.sync = true
$stdin.each_line(chomp: true) do |path|
  start = cpu
  found = begin
    file = Licensee::ProjectFiles::LicenseFile.new(File.read(path, encoding: 'UTF-8').scrub, 'LICENSE')
    [file.license&.spdx_id].compact - %w[NOASSERTION NONE]
  rescue StandardError
    []
  end
  puts JSON.generate({ path: path, found: found, cpu_ms: (cpu - start) * 1000 })
end
