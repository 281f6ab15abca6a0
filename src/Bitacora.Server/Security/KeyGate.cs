using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bitacora.Server.Security;

/// <summary>
/// Lets those in who show a key that may do what they ask for. While there is no key at all, everybody is let in where that may be: on
/// loopback, or told to be insecure. Where a request comes from never counts: a proxy on this machine is loopback too.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, Admission admission)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint)
        {
            var needed = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope ?? KeyScope.All;
            var caller = await CallerOfAsync(context);
            if (caller is not null)
            {
                context.Features.Set(caller);
            }

            if (needed != KeyScope.None && !admission.IsOpen)
            {
                Admit(context, caller, needed);
            }
        }

        await next(context);
    }

    /// <summary>Who shows a valid key; null for everybody else.</summary>
    private async ValueTask<Caller?> CallerOfAsync(HttpContext context)
    {
        if (admission.IsOpen || ShownKey.In(context.Request) is not { Length: > 0 } shown)
        {
            return null;
        }

        return admission.Local.Is(shown) ? Caller.LocalUser
            : await admission.Ring.FindAsync(shown, context.RequestAborted) is { } key
                ? new Caller(key.Name, key.Sender, key.SecretId, key.Scope)
            : null;
    }

    private void Admit(HttpContext context, Caller? caller, KeyScope needed)
    {
        if (caller is null)
        {
            if (!admission.Ring.IsKnown)
            {
                throw new ProblemException(new Problem(
                    StatusCodes.Status503ServiceUnavailable, ProblemCode.KeysUnavailable,
                    $"It is not known which keys there are, so nobody is let in: {admission.Ring.Fault ?? "they are being read"}.")
                {
                    RetryAfter = 2,
                });
            }

            throw ShownKey.In(context.Request) is { Length: > 0 }
                ? Refuse(context, RefusalReason.UnknownKey, needed, null, "This key is unknown, or was revoked.")
                : Refuse(context, RefusalReason.NoKey, needed, null, ShownKey.IsInAddress(context.Request)
                    ? "A key in the address would stand in logs; show it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'."
                    : "Show a key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'; 'bitacora keys create' makes one.");
        }

        if ((caller.Scope & needed) != needed)
        {
            throw Refuse(
                context, RefusalReason.Scope, needed, caller.Key,
                $"The key '{caller.Key}' can {ApiKeys.NameOf(caller.Scope)}, which is not enough for this.");
        }
    }

    private ProblemException Refuse(HttpContext context, RefusalReason reason, KeyScope wanted, string? key, string detail)
    {
        admission.Refused.Add(context, reason, wanted, key);
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
