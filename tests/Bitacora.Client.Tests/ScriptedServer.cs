using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bitacora.Client.Tests;

/// <summary>A server on a free port of loopback that answers each request by the next step of a script; the last step stays.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Queue<RequestDelegate> _steps;
    private readonly List<string> _requests = [];

    private ScriptedServer(WebApplication web, IEnumerable<RequestDelegate> steps)
    {
        _web = web;
        _steps = new Queue<RequestDelegate>(steps);
    }

    public Uri Address => new(_web.Urls.First());

    /// <summary>Method, path and query of what was asked.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<ScriptedServer> StartAsync(params IReadOnlyList<RequestDelegate> steps)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var web = builder.Build();
        var server = new ScriptedServer(web, steps);
        web.Run(server.AnswerAsync);
        await web.StartAsync();
        return server;
    }

    public static RequestDelegate Answer(
        int status, string body, string type = "application/json", string? retryAfter = null) => async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync(body);
    };

    /// <summary>Sends some text and then nothing, until the client is gone.</summary>
    public static RequestDelegate StayAfter(string body, string type) => async http =>
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
        await http.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        RequestDelegate step;
        lock (_requests)
        {
            _requests.Add($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
            step = _steps.Count > 1 ? _steps.Dequeue() : _steps.Peek();
        }

        return step(http);
    }
}
