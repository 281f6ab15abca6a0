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

    [LoggerMessage(2080, LogLevel.Information, "Alerting: {Rules} rules, {Channels} channels")]
    public static partial void AlertingStarted(ILogger logger, int rules, int channels);

    [LoggerMessage(2081, LogLevel.Warning, "Alert {Kind}: rule {Rule}, {Records} records, notification {Id}")]
    public static partial void AlertRaised(ILogger logger, object kind, string rule, long records, string id);

    [LoggerMessage(2082, LogLevel.Warning, "Alerting is in trouble: {Subject}: {Reason}")]
    public static partial void AlertingTrouble(ILogger logger, string subject, string reason);

    [LoggerMessage(2083, LogLevel.Information, "Alerting is out of trouble: {Subject}")]
    public static partial void AlertingTroubleOver(ILogger logger, string subject);

    [LoggerMessage(2084, LogLevel.Error, "No rule can be judged and nothing can be sent; tried again: {Reason}")]
    public static partial void AlertingFails(ILogger logger, string reason);

    [LoggerMessage(2060, LogLevel.Information, "Listening for Python's handlers: TCP {Tcp}, UDP {Udp}")]
    public static partial void PythonListening(ILogger logger, string tcp, string udp);

    [LoggerMessage(2061, LogLevel.Warning,
        "Listening for Python's handlers beyond loopback, because 'insecure' is set: they have no keys, whoever reaches this writes")]
    public static partial void PythonInsecure(ILogger logger);

    [LoggerMessage(2062, LogLevel.Warning,
        "From Python's handlers since this was last said: {Unreadable} frames that cannot be read (the last: {Reason}), {Torn} torn, " +
        "{TooLong} too long, {Refused} connections too many, {Dropped} datagrams that the system dropped")]
    public static partial void PythonTrouble(
        ILogger logger, long unreadable, string reason, long torn, long tooLong, long refused, long dropped);

    [LoggerMessage(2063, LogLevel.Warning, "Records of Python's handlers wait, and nothing more is read: {Reason}")]
    public static partial void PythonRecordsWait(ILogger logger, string reason);

    [LoggerMessage(2064, LogLevel.Information, "Records of Python's handlers are taken again")]
    public static partial void PythonRecordsTaken(ILogger logger);

    [LoggerMessage(2065, LogLevel.Error, "{Records} records of Python's handlers were read and could not be written; they are lost")]
    public static partial void PythonRecordsLost(ILogger logger, int records, Exception exception);

    [LoggerMessage(2066, LogLevel.Warning, "A connection of Python's handlers cannot be accepted; tried again")]
    public static partial void PythonAcceptFailed(ILogger logger, Exception exception);

    [LoggerMessage(2067, LogLevel.Error, "Reading from Python's handlers ended by a fault of the program: a connection, or all datagrams")]
    public static partial void PythonInputFailed(ILogger logger, Exception exception);
}
