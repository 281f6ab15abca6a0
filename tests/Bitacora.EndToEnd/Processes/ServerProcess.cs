using System.Text.RegularExpressions;

namespace Bitacora.EndToEnd.Processes;

/// <summary>A server as a process of its own, on a free port of the loopback interface.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;

    private ServerProcess(RunningProcess process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public RunningProcess Process => _process;

    public string Url => Http.BaseAddress!.ToString().TrimEnd('/');

    public static async Task<ServerProcess> StartAsync(string data, params string[] arguments)
    {
        var process = RunningProcess.Start(["serve", "--data", data, "--listen", "http://127.0.0.1:0", .. arguments]);
        try
        {
            var address = await process.WaitForAsync(
                () => Address().Match(process.Talk + "\n" + string.Join('\n', process.Output)) is { Success: true } match ? match.Value
                : null,
                TimeSpan.FromSeconds(60));
            return new ServerProcess(process, new Uri(address));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex Address();
}
