using System.Text;
using System.Text.Json;
using Bitacora.Delivery;
using Bitacora.Server.Hosting;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Tests;

/// <summary>A real server on a free port, over the reference store unless said otherwise, in a directory of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(BitacoraServer server, string data)
    {
        Server = server;
        Data = data;
        Http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public BitacoraServer Server { get; }

    public string Data { get; }

    public HttpClient Http { get; }

    public bool KeepData { get; set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestServer> StartAsync(
        Action<ServerOptions>? configure = null, Func<ServerOptions, ILogStore>? store = null, string? data = null,
            TimeProvider? clock = null,
        Func<string, IWalFiles>? files = null)
    {
        var options = new ServerOptions
        {
            Data = data ?? Path.Combine(Path.GetTempPath(), $"bitacora-server-{Guid.NewGuid():N}"),
            Listen = ["http://127.0.0.1:0"],
        };
        configure?.Invoke(options);
        clock ??= TimeProvider.System;
        var parts = new ServerParts(
            store is null ? (_, _, _) => new MemoryLogStore(clock) : (options, _, _) => store(options),
            files ?? (path => new WalDirectory(path)),
            clock);
        var server = await BitacoraServer.StartAsync(options, logging => logging.SetMinimumLevel(LogLevel.None), parts, Cancel);
        return new TestServer(server, options.Data);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        if (!KeepData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), headers);

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            (name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content.Headers
                : (System.Net.Http.Headers.HttpHeaders)request.Headers)
                .TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, Cancel);
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return await ReadAsync(response);
    }

    /// <summary>An answer's rows, and its last line's <c>answer</c>.</summary>
    public async Task<(JsonElement[] Rows, JsonElement End)> SearchAsync(string query, string rest = "last=365d")
    {
        var text = await Http.GetStringAsync(new Uri($"/api/search?q={Uri.EscapeDataString(query)}&{rest}", UriKind.Relative), Cancel);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        return (lines[..^1], lines[^1].GetProperty("answer"));
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancel)).RootElement;
}
