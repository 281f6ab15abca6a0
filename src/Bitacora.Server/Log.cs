using Microsoft.Extensions.Logging;

namespace Bitacora.Server;

/// <summary>What the server says about itself; the ids are documented in <c>docs/events.md</c>. Nothing that a peer sent is written
/// here.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Listening on {Addresses}, data in {Data}")]
    public static partial void Started(ILogger logger, string addresses, string data);

    [LoggerMessage(2001, LogLevel.Warning,
        "Listening beyond loopback without keys, because 'insecure' is set: whoever reaches {Addresses} reads and writes")]
    public static partial void Insecure(ILogger logger, string addresses);

    [LoggerMessage(2002, LogLevel.Information, "Stopping within {Deadline}: no new requests, then what waits, then the store")]
    public static partial void Stopping(ILogger logger, TimeSpan deadline);

    [LoggerMessage(2003, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "server.json cannot be written: the command line does not find this server by itself")]
    public static partial void FileNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Error, "Records cannot be written to files; they wait in memory and in the write-ahead log: {Reason}")]
    public static partial void SealingFails(ILogger logger, string reason);

    [LoggerMessage(2006, LogLevel.Information, "Records are written to files again")]
    public static partial void SealingWorksAgain(ILogger logger);

    [LoggerMessage(2007, LogLevel.Warning,
        "Listening beyond loopback without TLS on {Addresses}: keys and records can be read on the way")]
    public static partial void InTheClear(ILogger logger, string addresses);

    [LoggerMessage(2008, LogLevel.Warning, "Keys cannot be read; those known before stay valid: {Reason}")]
    public static partial void KeysUnreadable(ILogger logger, string reason);

    [LoggerMessage(2009, LogLevel.Warning, "The certificate cannot be read again; the one before is shown on: {Reason}")]
    public static partial void CertificateUnreadable(ILogger logger, string reason);

    [LoggerMessage(2013, LogLevel.Warning, "Cannot write {What}; it is tried again: {Reason}")]
    public static partial void KeysNotWritten(ILogger logger, string what, string reason);

    [LoggerMessage(2012, LogLevel.Warning,
        "Requests from {Address} are refused ({Reason}, key {Key}): senders that are refused mostly lose their records in silence")]
    public static partial void CallerRefused(ILogger logger, string address, object reason, string key);

    [LoggerMessage(2010, LogLevel.Error, "A search failed")]
    public static partial void SearchFailed(ILogger logger, Exception exception);

    [LoggerMessage(2011, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception);
}
