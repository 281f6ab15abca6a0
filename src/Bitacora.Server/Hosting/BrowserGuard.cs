using Bitacora.Server.Answers;
using Bitacora.Server.Configuration;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Hosting;

/// <summary>
/// Without keys, loopback is the only wall, and a browser on this machine stands inside of it. So other sites' pages may not post here, and
/// a foreign name that resolves to loopback (DNS rebinding) is not served.
/// </summary>
internal sealed class BrowserGuard(RequestDelegate next, bool isLoopbackOnly)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (isLoopbackOnly && request.Host.HasValue && !ListenAddress.IsLoopbackHost(request.Host.Host))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status403Forbidden, ProblemCode.ForeignHost,
                "This server listens on loopback only and answers to localhost, 127.0.0.1 and [::1]."));
        }

        if (!HttpMethods.IsGet(request.Method) && request.Headers.Origin is { Count: > 0 } origin
            && !IsOwn(origin.ToString(), request.Host))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status403Forbidden, ProblemCode.ForeignSite, "Pages of other sites may not send to this server."));
        }

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
