namespace Bitacora.Client.Problems;

/// <summary>Says why no answer came, in words that help.</summary>
internal static class Unreachable
{
    public static ServerUnreachableException From(Uri server, Exception cause) => cause switch
    {
        OperationCanceledException => new ServerUnreachableException($"The server at {server} did not answer in time.", cause),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            new ServerUnreachableException($"Nobody answers at {server}: {Innermost(cause).Message}.", cause),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new ServerUnreachableException($"The name of the server in {server} is not known.", cause),
        _ => new ServerUnreachableException($"The connection to {server} broke: {Innermost(cause).Message}", cause),
    };

    private static Exception Innermost(Exception cause) => cause.InnerException is { } inner ? Innermost(inner) : cause;
}
