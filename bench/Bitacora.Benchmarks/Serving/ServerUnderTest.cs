using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bitacora.Benchmarks.Serving;

/// <summary>The built <c>bitacora serve</c> in a process of its own.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private ServerUnderTest(Process process, Uri address, TimeSpan startTime)
    {
        _process = process;
        Address = address;
        StartTime = startTime;
    }

    public Uri Address { get; }

    /// <summary>From starting the process to its first answer of ready.</summary>
    public TimeSpan StartTime { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double ResidentMegabytes => Status("VmRSS:");

    public double PeakResidentMegabytes => Status("VmHWM:");

    /// <summary>Starts it on an empty directory: what is there is deleted.</summary>
    public static Task<ServerUnderTest> StartFreshAsync(string executable, string data)
    {
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        return StartAsync(executable, data);
    }

    public static async Task<ServerUnderTest> StartAsync(string executable, string data)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var clock = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo(executable, ["serve", "--data", data, "--listen", address.OriginalString])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var http = new HttpClient { BaseAddress = address };
        while (!await IsReadyAsync(http))
        {
            if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException($"{executable} serve did not become ready.");
            }

            await Task.Delay(2);
        }

        return new ServerUnderTest(process, address, clock.Elapsed);
    }

    /// <summary>Completes when the server has used next to no processor for two seconds: what it had to seal is sealed.</summary>
    public async Task SettleAsync()
    {
        for (var idle = 0; idle < 4;)
        {
            var before = ProcessorTime;
            await Task.Delay(500);
            idle = ProcessorTime - before < TimeSpan.FromMilliseconds(50) ? idle + 1 : 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // SIGTERM: the orderly end.
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
