using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bitacora.Server.Security;

/// <summary>
/// Lets those in who show a key that may do what they ask for. While there is no key at all, everybody is let in: then the server listens
/// on loopback only, or was told to be insecure. Where a request comes from never counts: a proxy on this machine is loopback too.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, Admission admission, bool isOpenWhileUnknown)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint)
        {
            var needed = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope ?? KeyScope.All;
            if (needed != KeyScope.None)
            {
                await AdmitAsync(context, needed);
            }
        }

        await next(context);
    }

    private async Task AdmitAsync(HttpContext context, KeyScope needed)
    {
        if (!admission.Ring.IsKnown && !isOpenWhileUnknown)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status503ServiceUnavailable, ProblemCode.KeysUnavailable,
                "The keys cannot be read yet: the cluster has not been reached since this server's directory was made.")
            {
                RetryAfter = 2,
            });
        }

        if (!admission.Ring.HasKeys)
        {
            return;
        }

        if (ShownKey.In(context.Request) is not { Length: > 0 } shown)
        {
            throw Refuse(context, RefusalReason.NoKey, null, ShownKey.IsInAddress(context.Request)
                ? "A key in the address would stand in logs; show it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'."
                : "Show a key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'; 'bitacora keys create' makes one.");
        }

        if (admission.Local.Is(shown))
        {
            return;
        }

        if (await admission.Ring.FindAsync(shown, context.RequestAborted) is not { } key)
        {
            throw Refuse(context, RefusalReason.UnknownKey, null, "This key is unknown, or was revoked.");
        }

        if ((key.Scope & needed) != needed)
        {
            throw Refuse(
                context, RefusalReason.Scope, key.Name,
                $"The key '{key.Name}' can {ApiKeys.NameOf(key.Scope)}, which is not enough for this.");
        }

        context.Features.Set(new Caller(key.Name, key.Sender));
    }

    private ProblemException Refuse(HttpContext context, RefusalReason reason, string? key, string detail)
    {
        admission.Refused.Add(context, reason, key);
        if (reason == RefusalReason.Scope)
        {
            return new(new Problem(StatusCodes.Status403Forbidden, ProblemCode.KeyScope, detail));
        }

        // A browser asks its user; what is no page gets no window.
        var isPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = isPage
            ? "Basic realm=\"Bitacora: any name, and a key as password\", charset=\"UTF-8\""
            : "Bearer";
        return new(new Problem(
            StatusCodes.Status401Unauthorized, reason == RefusalReason.NoKey ? ProblemCode.KeyRequired : ProblemCode.KeyUnknown, detail));
    }
}
