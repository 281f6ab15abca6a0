using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NLog.Config;
using NLog.Extensions.Logging;
using NLog.Targets;
using NLog.Targets.Wrappers;
using OpenTelemetry;
using OpenTelemetry.Logs;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using ZLogger;

namespace Bitacora.Benchmarks.Logging;

/// <summary>
/// The providers, each with its own defaults. Where a run waits for all that it logged, time and again, they are asked to be prompt: a
/// batch is then sent after 20 ms.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The pipelines own what they are made of.")]
internal static class LoggingPipelines
{
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(20);

    public static IReadOnlyList<(string Name, Func<string, bool, LoggingPipeline> Open)> All { get; } =
    [
        ("MEL and nothing behind it", Nothing), ("Bitácora", (name, isPrompt) => Bitacora(name, null, isPrompt)),
        ("Bitácora, spool", Spooling), ("OpenTelemetry", OpenTelemetry), ("Serilog, batching", SerilogBatching),
        ("Serilog, async", SerilogAsync), ("NLog", NLog),
        ("ZLogger, JSON", ZLogger),
    ];

    public static LoggingPipeline Bitacora(string name, string? spool, bool isPrompt, int capacity = 10_000, bool isAway = false)
    {
        var options = new CountingProvider.CountingOptions
        {
            Destination = new CountingProvider.Counter { IsAway = isAway },
            QueueCapacity = capacity,
            SpoolDirectory = spool,
            ShutdownTimeout = TimeSpan.Zero,
            SelfLog = _ => { },
        };
        options.FlushPeriod = isPrompt ? Prompt : options.FlushPeriod;
        var provider = new CountingProvider(options);
        return new LoggingPipeline(name, () => options.Destination.Count, builder => builder.AddProvider(provider), () =>
        {
            provider.Dispose();
            if (spool is not null)
            {
                Directory.Delete(spool, recursive: true);
            }
        });
    }

    private static LoggingPipeline Spooling(string name, bool isPrompt) =>
        Bitacora(name, Directory.CreateTempSubdirectory("bitacora-bench-").FullName, isPrompt);

    private static LoggingPipeline Nothing(string name, bool isPrompt) => new(name, null, builder => builder.AddProvider(new Ignoring()));

    private static LoggingPipeline OpenTelemetry(string name, bool isPrompt)
    {
        var exporter = new CountingExporter();
        return new LoggingPipeline(name, () => exporter.Count, builder => builder.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.AddProcessor(isPrompt
                ? new BatchLogRecordExportProcessor(exporter, scheduledDelayMilliseconds: (int)Prompt.TotalMilliseconds)
                : new BatchLogRecordExportProcessor(exporter));
        }));
    }

    private static LoggingPipeline SerilogBatching(string name, bool isPrompt)
    {
        var sink = new CountingSink();
        var options = new BatchingOptions();
        options.BufferingTimeLimit = isPrompt ? Prompt : options.BufferingTimeLimit;
        var logger = new LoggerConfiguration().Enrich.FromLogContext().WriteTo.Sink(sink, options).CreateLogger();
        return new LoggingPipeline(name, () => sink.Count, builder => builder.AddSerilog(logger, dispose: true));
    }

    private static LoggingPipeline SerilogAsync(string name, bool isPrompt)
    {
        var sink = new CountingSink();
        var logger = new LoggerConfiguration().Enrich.FromLogContext().WriteTo.Async(to => to.Sink(sink)).CreateLogger();
        return new LoggingPipeline(name, () => sink.Count, builder => builder.AddSerilog(logger, dispose: true));
    }

    private static LoggingPipeline NLog(string name, bool isPrompt)
    {
        var target = new CountingTarget();
        var configuration = new LoggingConfiguration();
        configuration.AddRuleForAllLevels(new AsyncTargetWrapper(target));
        return new LoggingPipeline(name, () => target.Count, builder => builder.AddNLog(configuration));
    }

    private static LoggingPipeline ZLogger(string name, bool isPrompt)
    {
        var stream = new CountingStream();
        return new LoggingPipeline(name, () => stream.Lines, builder => builder.AddZLoggerStream(stream, options =>
        {
            options.IncludeScopes = true;
            options.UseJsonFormatter();
        }));
    }

    private sealed class Ignoring : ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class CountingExporter : BaseExporter<LogRecord>
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public override ExportResult Export(in Batch<LogRecord> batch)
        {
            foreach (var record in batch)
            {
                // What an exporter at least reads.
                record.ForEachScope(static (scope, _) => scope.GetEnumerator(), 0);
                _count += record.Attributes is null ? 0 : 1;
            }

            return ExportResult.Success;
        }
    }

    private sealed class CountingSink : ILogEventSink, IBatchedLogEventSink
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public void Emit(LogEvent logEvent) => Volatile.Write(ref _count, _count + 1);

        public Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
        {
            Volatile.Write(ref _count, _count + batch.Count);
            return Task.CompletedTask;
        }
    }

    private sealed class CountingTarget : TargetWithLayout
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        protected override void Write(global::NLog.LogEventInfo logEvent) => Volatile.Write(ref _count, _count + 1);
    }

    private sealed class CountingStream : Stream
    {
        private long _lines;

        public long Lines => Volatile.Read(ref _lines);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => 0;

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => Volatile.Write(ref _lines, _lines + buffer.Count((byte)'\n'));
    }
}
