using System.Diagnostics;

namespace Bitacora.EndToEnd.Processes;

/// <summary>A <see cref="LogWriter"/> as a process of its own.</summary>
internal sealed class LogWriterProcess : IDisposable
{
    private readonly Process _process;

    private LogWriterProcess(Process process) => _process = process;

    public static LogWriterProcess Start(string endpoint, string spool, string run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [LogWriter.Command, endpoint, spool, run])
        {
            RedirectStandardOutput = true,
        };
        return new LogWriterProcess(Process.Start(start)!);
    }

    /// <summary>Kills it within some time from its first log; returns the ids that its queue had taken.</summary>
    public async Task<List<string>> KillAsync(Random random, TimeSpan within)
    {
        var first = await _process.StandardOutput.ReadLineAsync();
        var rest = _process.StandardOutput.ReadToEndAsync();
        await RandomMoment.WaitAsync(random, within);
        _process.Kill();
        await _process.WaitForExitAsync();
        var text = await rest;

        // A line without its end was not wholly printed.
        return [first!, .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
