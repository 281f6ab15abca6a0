using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bitacora.EndToEnd.Processes;

/// <summary>The product as a process, with what it says.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _talk = new();
    private readonly SemaphoreSlim _spoken = new(0);

    private RunningProcess(Process process) => _process = process;

    /// <summary>Everything on standard output so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Everything on standard error so far.</summary>
    public string Talk => string.Join('\n', _talk);

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>The process's standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts <c>bitacora</c> with the arguments, in an environment that names no server and no data directory.</summary>
    public static RunningProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start(Product.Executable, arguments, environment);

    /// <summary>Starts another program of this checkout in the same way.</summary>
    public static RunningProcess Start(
        string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A shell's background job ignores SIGINT and hands that down; as a terminal's command the product must not. 'env' becomes it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", executable, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? Environment.ProcessPath
            : Path.Combine(DotnetRoot(), "dotnet"));
        start.Environment.Remove("BITACORA_SERVER");
        start.Environment.Remove("BITACORA_DATA");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var running = new RunningProcess(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => running.Hear(line.Data, running._output);
        running._process.ErrorDataReceived += (_, line) => running.Hear(line.Data, running._talk);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs to the end and returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until something was said that the function takes.</summary>
    public async Task<T> WaitForAsync<T>(Func<T?> find, TimeSpan limit)
        where T : class
    {
        using var timeout = new CancellationTokenSource(limit);
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"bitacora ended with {_process.ExitCode}:\n{Talk}\n{string.Join('\n', _output)}");
            }

            try
            {
                await _spoken.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {limit} in vain; bitacora said:\n{Talk}\n{string.Join('\n', _output)}");
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>A signal such as <c>TERM</c>, <c>INT</c>, <c>STOP</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _spoken.Dispose();
    }

    private void Hear(string? line, ConcurrentQueue<string> where)
    {
        if (line is not null)
        {
            where.Enqueue(line);
        }

        _spoken.Release();
    }

    private static string DotnetRoot() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root
            ? root
            : Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
