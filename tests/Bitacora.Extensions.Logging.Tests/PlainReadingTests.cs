using System.Collections.Immutable;
using Bitacora.Client;
using Bitacora.Extensions.Logging.Capture;
using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Where no code can be made at run time, states are read through their interface: the records are the same.</summary>
public sealed class PlainReadingTests
{
    private static readonly DateTimeOffset Time = new(2024, 5, 1, 12, 30, 5, TimeSpan.Zero);

    [Fact]
    public void Records_are_the_same_by_emitted_code_and_by_boxing()
    {
        var both = new BothWays();
        Messages.None(both);
        Messages.Braces(both);
        Messages.One(both, 1);
        Messages.Two(both, 1, "two");
        Messages.Three(both, 1, "two", 3.5);
        Messages.Four(both, 1, 2, 3, Guid.NewGuid());
        Messages.Five(both, 1.5m, DateTime.Now, DateTimeOffset.Now, TimeSpan.FromSeconds(1.5), 0.1f);
        Messages.Six(both, 1, null, 3.5, true, 'x', DayOfWeek.Monday);
        Messages.Seven(both, 1, "two", 3.5, true, 'x', (DayOfWeek)17, 7.5m);
        Messages.Eight(both, -1, null, 3.5f, 4, 5, ulong.MaxValue, 7, -8);
        Messages.Swapped(both, "first", 2);
        Messages.Unused(both, 1, "extra");
        Messages.Dynamic(both, LogLevel.Error, 5);
        Messages.Collections(both, 1, 2, 3, 4, 5, [1, 2], null);
        Messages.Optional(both, null, 2.5, Guid.NewGuid());
        Messages.Keywords(both, "gold", 7, 1, 2, 3, 4, 5);
        Messages.Keywords(both, null, 7, 1, 2, 3, 4, 5);
        Messages.Enums(both, Messages.Wide.Most, (Messages.Grade)3, FileAttributes.Hidden, Messages.Grade.Best, 5, 6, 7);
        Messages.Texts(both, "one", "two", "three", 4, 5, 6, 7);
        both.LogInformation("{A} {B}", 1, null);
        both.LogInformation("no values");
        both.LogInformation("a {{b}}");
        both.LogInformation("{List}", new List<int> { 1, 2 });
        both.LogInformation(null);
        both.Count.ShouldBe(24);
    }

    [Fact]
    public void Messages_of_collections_are_the_frameworks_both_ways_whatever_they_are_declared_as()
    {
        // Values do not tell how they were declared: without emitted code, attributes of collections are always those of their elements.
        var both = new BothWays { HasMessagesOnly = true };
        Messages.Objects(both, new[] { 1, 2 }, [1, 2], new ArraySegment<int>([1, 2, 3], 1, 2), [3], "text", new[] { 4 }, [[5], [6, 7]]);
        Messages.Objects(both, new List<string> { "a" }, default, default, null, new[] { 1 }, null, []);
        Messages.Objects(both, 5, [], default, default(ImmutableArray<int>), null, new[] { "text" }, []);
        MessagesOf<int[]>.Seven(both, [1, 2], 2, 3, 4, 5, 6, 7);
        both.Count.ShouldBe(4);
    }

    private sealed class BothWays : ILogger
    {
        private readonly EntryDecoder _decoder = new();
        private readonly LogWriterIdentity _writer = new("shop", "web-1", 7, Time);

        public int Count { get; private set; }

        public bool HasMessagesOnly { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            StateReader<TState>.IsEmitted.ShouldBeTrue(typeof(TState).FullName);
            var emitted = RecordOf(entry => StateReader<TState>.Read(state, exception, formatter, entry));
            var plain = RecordOf(entry => StateReader<TState>.ReadPlainly(state, exception, formatter, entry));
            if (HasMessagesOnly)
            {
                emitted.Message.ShouldBe(formatter(state, exception));
                plain.Message.ShouldBe(emitted.Message);
            }
            else
            {
                plain.Bytes.ShouldBe(emitted.Bytes, formatter(state, exception));
            }

            Count++;
        }

        private (byte[] Bytes, string? Message) RecordOf(Action<EntryWriter> write)
        {
            using var entry = EntryWriter.TryBegin(Time, Level.Info, "Shop")!;
            write(entry);
            var builder = new RecordBatchBuilder(default, RecordLimits.Default, TimeProvider.System);
            var origin = builder.AddOrigin(Origin.OfGeneration("x"u8));
            var record = builder.Begin();
            _decoder.Decode(entry.Written, null, _writer, record);
            record.TryCommit(origin, 1).ShouldBeTrue();
            var view = builder.Freeze()[0];
            return (view.Bytes.ToArray(), view.ToLogRecord().Message);
        }
    }
}
