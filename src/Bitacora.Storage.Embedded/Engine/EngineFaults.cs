namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// Makes exceptions of what DuckDB refuses. What it cannot go on from ends the process, as a failed fsync of the write-ahead log does: a
/// server that runs on would neither seal nor answer, and the next start finds in the log what is not in files. Thread-safe.
/// </summary>
/// <param name="failFast">Ends the process; null is <see cref="Environment.FailFast(string, Exception)"/>.</param>
internal sealed class EngineFaults(Action<string, Exception>? failFast)
{
    private readonly Action<string, Exception> _failFast = failFast ?? Environment.FailFast;

    public EngineException Of(string attempted, string? reason)
    {
        var error = new EngineException(attempted, reason ?? "no reason given");
        if (error.IsFatal)
        {
            _failFast(
                $"A file of records could not be made durable, or DuckDB gave up: {error.Message}\n"
                + "What is not in files is in the write-ahead log, and the next start goes on from there.",
                error);
        }

        return error;
    }
}
