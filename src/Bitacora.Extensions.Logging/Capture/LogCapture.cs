using System.Diagnostics;
using Bitacora.Client;
using Bitacora.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>What happens within a log call: the entry is written and given to the queue. Nothing is thrown, nobody waits.</summary>
internal sealed class LogCapture(LogQueue queue, Enrichers enrichers, SelfLog selfLog, TimeProvider clock, int maxEntryBytes)
{
    /// <summary>Where scopes are read; null before the framework has given it.</summary>
    public IExternalScopeProvider? Scopes { get; set; }

    /// <summary>Whether scopes are read.</summary>
    public bool IncludeScopes { get; set; }

    public SelfLog SelfLog => selfLog;

    public void Log<TState>(
        string category, LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var level = (Level)logLevel;
        try
        {
            if (!queue.HasRoom(level))
            {
                // Before anything is written down: a full queue must cost the application next to nothing.
                return;
            }

            using var entry = EntryWriter.TryBegin(clock.GetUtcNow(), level, category, maxEntryBytes);
            if (entry is null)
            {
                queue.CountFailed(level);
                selfLog.Write($"A log call of {category} was dropped: it came from within others, which it would make endless.");
                return;
            }

            WriteEvent(eventId, entry);
            StateReader<TState>.Read(state, exception, formatter, entry);
            enrichers.Write(level, category, entry);
            if (IncludeScopes)
            {
                Scopes?.ForEachScope(ScopeReader.Callback, entry);
            }

            if (Activity.Current is { } activity)
            {
                WriteTrace(activity, entry);
            }

            if (exception is not null)
            {
                entry.Exception(exception);
            }

            queue.TryWrite(level, entry.Written, exception);
        }
        catch (Exception failure)
        {
            Drop(level, category, failure);
        }
    }

    /// <summary>Records that were held back and happened earlier.</summary>
    public void Log(string category, IEnumerable<BufferedLogRecord> records)
    {
        try
        {
            foreach (var record in records)
            {
                Log(category, record);
            }
        }
        catch (Exception failure)
        {
            // How many more there would have been, nobody knows.
            Say(category, failure);
        }
    }

    private void Log(string category, BufferedLogRecord record)
    {
        var level = Level.Trace;
        try
        {
            if (record.LogLevel is >= LogLevel.Trace and < LogLevel.None)
            {
                level = (Level)record.LogLevel;
                Log(category, level, record);
            }
        }
        catch (Exception failure)
        {
            Drop(level, category, failure);
        }
    }

    private void Log(string category, Level level, BufferedLogRecord record)
    {
        using var entry = EntryWriter.TryBegin(record.Timestamp, level, category, maxEntryBytes);
        if (entry is null)
        {
            queue.CountFailed(level);
            selfLog.Write($"A buffered log record of {category} was dropped: it came from within others, which it would make endless.");
            return;
        }

        WriteEvent(record.EventId, entry);
        if (record.MessageTemplate is { } template)
        {
            entry.Template(template, TemplateStyle.Rendered);
        }

        entry.Message(record.FormattedMessage ?? record.MessageTemplate);
        StateValues.WriteNamedValues(record.Attributes, entry);
        if (record.ActivityTraceId is { } trace)
        {
            entry.Trace(trace.ToHexString(), record.ActivitySpanId?.ToHexString());
        }

        if (record.Exception is { } traceback)
        {
            entry.Traceback(traceback);
        }

        queue.TryWrite(level, entry.Written, null);
    }

    private void Drop(Level level, string category, Exception failure)
    {
        queue.CountFailed(level);
        Say(category, failure);
    }

    private void Say(string category, Exception failure)
    {
        try
        {
            selfLog.Write($"A log call of {category} failed", failure);
        }
        catch (OutOfMemoryException)
        {
            // There is none for the sentence either.
        }
    }

    private static void WriteEvent(EventId eventId, EntryWriter entry)
    {
        if (eventId.Id != 0 || eventId.Name is not null)
        {
            entry.Event(eventId.Id, eventId.Name);
        }
    }

    private static void WriteTrace(Activity activity, EntryWriter entry)
    {
        if (activity.IdFormat == ActivityIdFormat.W3C)
        {
            entry.Trace(activity.TraceId.ToHexString(), activity.SpanId.ToHexString());
        }
        else if (activity.RootId is { } root)
        {
            entry.Trace(root, activity.Id);
        }
    }
}
