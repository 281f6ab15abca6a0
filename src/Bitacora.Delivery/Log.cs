using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery;

/// <summary>What the delivery says. Event ids 1000–1099, listed in <c>docs/events.md</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information,
        "Write-ahead log opened: {Files} files, {Batches} batches with {Records} records to give on, {Durable} passed over, next: {Next}.")]
    public static partial void Recovered(ILogger logger, int files, long batches, long records, long durable, ulong next);

    [LoggerMessage(1001, LogLevel.Warning,
        "Write-ahead log: {Kind} in {File} at {Offset}, {Bytes} bytes, batches {First} to {Last}: {Reason}.")]
    public static partial void Loss(
        ILogger logger, WalLossKind kind, string file, long offset, long bytes, ulong first, ulong last, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Write-ahead log: {Count} more losses are not listed.")]
    public static partial void MoreLosses(ILogger logger, long count);

    [LoggerMessage(1003, LogLevel.Error, "The write-ahead log cannot be written; batches are refused until it can.")]
    public static partial void Unavailable(ILogger logger, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "The write-ahead log can be written again; {Groups} groups were refused.")]
    public static partial void AvailableAgain(ILogger logger, long groups);

    [LoggerMessage(1005, LogLevel.Warning, "Files of the write-ahead log could not be removed; they are tried again.")]
    public static partial void DropFailed(ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Critical, "A group could not be written because of a fault of the program; its fate is unknown.")]
    public static partial void WriterFailed(ILogger logger, Exception exception);

    [LoggerMessage(1010, LogLevel.Warning, "The destination failed at batch {Sequence}, {Failures} in a row; again in {WaitMs} ms.")]
    public static partial void DestinationFailed(ILogger logger, ulong sequence, int failures, double waitMs, Exception exception);

    [LoggerMessage(1011, LogLevel.Error,
        "The destination took batch {Sequence} and failed by a fault of the program; it stays in the log until the next start.")]
    public static partial void TakenAndFailed(ILogger logger, ulong sequence, Exception exception);

    [LoggerMessage(1020, LogLevel.Warning, "{Records} records of batch {Sequence} are a dead letter: {Reason}.")]
    public static partial void DeadLetter(ILogger logger, ulong sequence, int records, string reason);

    [LoggerMessage(
        1021, LogLevel.Error, "{Records} records of batch {Sequence} were dropped, there is no room among dead letters: {Reason}.")]
    public static partial void DeadLetterDropped(ILogger logger, ulong sequence, int records, string reason);

    [LoggerMessage(1022, LogLevel.Error, "The dead letter of batch {Sequence} cannot be written; again in {WaitMs} ms.")]
    public static partial void DeadLetterFailed(ILogger logger, ulong sequence, double waitMs, Exception exception);

    [LoggerMessage(
        1030, LogLevel.Warning, "There are more origins or ranges than allowed: {Count} were forgotten, their repeats are stored anew.")]
    public static partial void PositionsForgotten(ILogger logger, long count);

    [LoggerMessage(1031, LogLevel.Warning,
        "The destination is behind, {Bytes} bytes wait for it in memory, as many as may: batches from {Sequence} on are left in the log.")]
    public static partial void LeftInLog(ILogger logger, ulong sequence, long bytes);

    [LoggerMessage(1032, LogLevel.Information,
        "The destination has caught up with the log after {Seconds:0.0} s: {Batches} batches with {Records} records were read back.")]
    public static partial void CaughtUp(ILogger logger, double seconds, long batches, long records);

    [LoggerMessage(1033, LogLevel.Error, "The write-ahead log cannot be read back at batch {Sequence}; again in {WaitMs} ms.")]
    public static partial void ReadBackFailed(ILogger logger, ulong sequence, double waitMs, Exception exception);

    [LoggerMessage(1034, LogLevel.Error, "{Records} records that were left in the log could not be read back and are dropped.")]
    public static partial void LeftAndLost(ILogger logger, long records);

    [LoggerMessage(1035, LogLevel.Error,
        "The destination did not take batch {Sequence} within {Seconds} s of the start: it and those behind it are given on as soon as it "
        + "does. Until then what they hold is not found, and new batches are refused.")]
    public static partial void StartedBehind(ILogger logger, ulong sequence, double seconds);

    [LoggerMessage(1040, LogLevel.Information, "Delivery stopped: {Pending} records stay in the write-ahead log for the next start.")]
    public static partial void Stopped(ILogger logger, long pending);
}
