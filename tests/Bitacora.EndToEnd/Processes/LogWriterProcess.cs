using System.Diagnostics;
using System.Globalization;

namespace Bitacora.EndToEnd.Processes;

/// <summary>A <see cref="LogWriter"/> as a process of its own.</summary>
internal sealed class LogWriterProcess : IDisposable
{
    private readonly Process _process;

    private LogWriterProcess(Process process) => _process = process;

    /// <param name="endpoint">The server's address.</param>
    /// <param name="spool">The spool.</param>
    /// <param name="run">What its ids begin with; empty: it writes nothing.</param>
    /// <param name="end">How it ends by itself (a way of <see cref="LogWriter"/>), and after how many logs.</param>
    public static LogWriterProcess Start(string endpoint, string spool, string run, (string Way, int Logs)? end = null)
    {
        string[] more = end is { } own ? [own.Way, own.Logs.ToString(CultureInfo.InvariantCulture)] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [LogWriter.Command, endpoint, spool, run, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = end is not null,
        };

        if (end?.Way == LogWriter.Exhaust)
        {
            // 256 MiB: the machine's memory is not this test's to fill.
            start.Environment["DOTNET_GCHeapHardLimit"] = "10000000";
        }

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

    /// <summary>Waits until it has ended by itself; returns the ids that its queue had taken.</summary>
    public async Task<List<string>> ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        var text = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        _process.ExitCode.ShouldNotBe(0, await errors);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
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
