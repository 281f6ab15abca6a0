using System.Diagnostics;
using Bitacora.Cli.Commands;
using Bitacora.Client;
using Bitacora.Server;

namespace Bitacora.Cli.Crashing;

/// <summary>A server in a process of its own, on a free port, that can be killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(30);

    private readonly Process _process;
    private readonly Task _log;

    private ServerProcess(Process process, Task log, Uri address)
    {
        _process = process;
        _log = log;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts it on a directory and returns when it answers.</summary>
    /// <exception cref="CommandException">It ended, or did not answer within two minutes.</exception>
    public static async Task<ServerProcess> StartAsync(string data, string logFile, CancellationToken cancellationToken)
    {
        var start = StartInfo("serve", "--data", data, "--listen", "http://127.0.0.1:0");
        var process = Process.Start(start)!;
        var log = AppendAsync(process, logFile);
        try
        {
            var address = await WaitAsync(process, data, logFile, cancellationToken);
            return new ServerProcess(process, log, address);
        }
        catch
        {
            End(process);
            await log;
            process.Dispose();
            throw;
        }
    }

    /// <summary>Kills it with SIGKILL, as a crash or the kernel would, and returns when it is gone.</summary>
    public async Task KillAsync()
    {
        End(_process);
        await _process.WaitForExitAsync();
        await _log;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(params string[] arguments)
    {
        // Under `dotnet bitacora.dll` the process is dotnet itself, and the program its first argument.
        var self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "bitacora.dll")]
            : [];
        var start = new ProcessStartInfo(self, [.. program, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("BITACORA", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static async Task<Uri> WaitAsync(Process process, string data, string logFile, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            if (process.HasExited)
            {
                throw new CommandException($"The server ended by itself with exit code {process.ExitCode}.", $"Its messages: {logFile}");
            }

            // The file of the server that was killed is still there until the new one writes its own.
            if (ServerFile.Find(data) is { } file && file.Pid == process.Id && await IsAliveAsync(file.Url, cancellationToken))
            {
                return file.Url;
            }

            await Task.Delay(Step, cancellationToken);
        }

        throw new CommandException($"The server did not answer within {Patience.TotalMinutes:0} minutes.", $"Its messages: {logFile}");
    }

    private static async Task<bool> IsAliveAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new BitacoraClient(address);
        return await client.IsAliveAsync(TimeSpan.FromSeconds(1), cancellationToken);
    }

    private static async Task AppendAsync(Process process, string logFile)
    {
        await using var log = new StreamWriter(logFile, append: true);
        async Task CopyAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (log)
                {
                    log.WriteLine(line);
                }
            }
        }

        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }
}
