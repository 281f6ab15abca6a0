using Bitacora.Delivery;
using Bitacora.Query;
using Bitacora.Server.Answers;
using Bitacora.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>Turns what ends a request early into problem details, each exception in one place.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentLength is null
                && Missing(context.Response.StatusCode) is { } missing)
            {
                await missing.WriteAsync(context);
            }
        }
        catch (Exception e)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody reads the answer.
                return;
            }

            if (context.Response.HasStarted)
            {
                // What was sent must not look like a whole answer.
                Log.RequestFailed(logger, e);
                context.Abort();
                return;
            }

            await Of(e).WriteAsync(context);
        }
    }

    private Problem Of(Exception e)
    {
        switch (e)
        {
            case ProblemException known:
                return known.Problem;
            case QuerySyntaxException syntax:
                return Problem.Of(syntax);
            case CursorException:
                return new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadCursor, e.Message);
            case QueryBusyException:
                return new Problem(StatusCodes.Status429TooManyRequests, ProblemCode.QueriesBusy, e.Message) { RetryAfter = 1 };
            case PipelineFullException:
                return Problem.Overloaded(e.Message);
            case NotYetStoredException:
                return Problem.NotYetStored(e.Message);
            case WalUnavailableException:
                return new Problem(StatusCodes.Status503ServiceUnavailable, ProblemCode.WriteFailed, e.Message) { RetryAfter = 1 };
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new Problem(StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge, e.Message);
            case BadHttpRequestException bad:
                return new Problem(bad.StatusCode, ProblemCode.BodyIncomplete, e.Message);
            default:
                Log.RequestFailed(logger, e);
                return new Problem(StatusCodes.Status500InternalServerError, ProblemCode.Internal, "The server failed; its log says why.");
        }
    }

    private static Problem? Missing(int status) => status switch
    {
        StatusCodes.Status404NotFound =>
            new Problem(status, ProblemCode.NotFound, "There is nothing at this path; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => new Problem(status, ProblemCode.MethodNotAllowed, "This path does not take this method."),
        StatusCodes.Status415UnsupportedMediaType =>
            new Problem(status, ProblemCode.UnsupportedMediaType, "This path does not take this Content-Type."),
        _ => null,
    };
}
