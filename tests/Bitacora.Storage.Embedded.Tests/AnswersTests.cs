using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Random records and queries: in memory, sealed and between, the answers are the evaluator's.</summary>
public sealed class AnswersTests
{
    private const long Hour = 3600 * RecordTime.Second;

    private static readonly Gen<RecordDraft[][]> _batches = RecordGenerator.Draft.Array[1, 16].Array[2, 6];

    // Batches lie around now, 8 hours and 16 hours before: ranges end within them and between them.
    private static readonly Gen<(long From, long To)> _range = Gen.Select(
        Gen.Int[0, 5].Select(i => new[] { -24, -14, -12, -5, -4, 0 }[i] * Hour),
        Gen.Int[0, 3].Select(i => new[] { -12, -4, 1, 24 }[i] * Hour));

    [Fact]
    public Task Answers_are_the_evaluators_wherever_the_records_are() => CheckAsync(seconds: null, iterations: 3, queries: 50);

    [Fact(Explicit = true)]
    public Task Answers_are_the_evaluators_for_a_long_time() => CheckAsync(seconds: 50, iterations: 0, queries: 200);

    private static Task CheckAsync(int? seconds, int iterations, int queries) => Gen
        .Select(_batches, QueryGenerator.Query.Array[queries], Gen.Int[1, 9], _range)
        .SampleAsync(
            async sample =>
            {
                var (batches, asked, pageSize, range) = sample;
                await using var reference = new MemoryLogStore(TimeProvider.System);
                await using var unsealed = new OpenStore();
                await using var between = new OpenStore();
                await using var files = new OpenStore();
                for (var i = 0; i < batches.Length; i++)
                {
                    var batch = RecordGenerator.Encode(OverTwoDays(batches[i], i), new Origin((UInt128)(i + 1) << 1));
                    await reference.AppendAsync(batch, (ulong)i + 1, CancellationToken.None);
                    await unsealed.AppendAsync(batch, seal: false);
                    await between.AppendAsync(batch, seal: i == batches.Length / 2);
                    await files.AppendAsync(batch, seal: true);
                }

                foreach (var query in asked)
                {
                    await CompareAsync(reference, [unsealed.Store, between.Store, files.Store], query.Text, pageSize, range);
                }
            },
            iter: iterations,
            time: seconds ?? -1,
            threads: 1,
            print: _ => "");

    private static RecordDraft[] OverTwoDays(RecordDraft[] drafts, int batch)
    {
        // Every other batch is short, so that some segments lie wholly in a range and others wholly outside.
        var now = RecordTime.From(RecordGenerator.Now);
        var shrink = batch % 2 == 0 ? 1 : 5;
        return [.. drafts.Select(draft => draft with { Time = now + ((draft.Time - now) / shrink) - (batch % 3 * 8 * Hour) })];
    }

    private static async Task CompareAsync(
        MemoryLogStore reference, EmbeddedLogStore[] stores, string text, int pageSize, (long From, long To) range)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var context = new QueryContext
        {
            Now = RecordGenerator.Now,
            FromTicks = RecordTime.From(RecordGenerator.Now) + range.From,
            ToTicks = RecordTime.From(RecordGenerator.Now) + range.To,
            PageSize = pageSize,
            Zone = zone,
        };
        while (true)
        {
            var query = QueryParser.Parse(text, context);
            var expected = await WholeAnswer.OfAsync(reference, query);
            foreach (var store in stores)
            {
                var actual = await WholeAnswer.OfAsync(store, query, new QueryOptions { Explain = true });
                var steps = string.Join('\n', actual.End.Explanation!.Steps.Select(step => $"{step.Name}: {step.Detail}"));
                actual.ShouldBeTheAnswer(expected, $"{text} (page after {context.Cursor})\n{steps}");
            }

            if (expected.End.Cursor is null)
            {
                return;
            }

            context = context with { Cursor = expected.End.Cursor.Encode() };
        }
    }

    private sealed class OpenStore : IAsyncDisposable
    {
        private readonly TemporaryDirectory _directory = new();
        private ulong _sequence;

        public OpenStore() =>
            Store = EmbeddedLogStore.Open(
                new EmbeddedStoreOptions { Directory = _directory.Path, EngineThreads = 2 },
                new FakeTimeProvider(RecordGenerator.Now));

        public EmbeddedLogStore Store { get; }

        public async Task AppendAsync(RecordBatch batch, bool seal)
        {
            await Store.AppendAsync(batch, ++_sequence, CancellationToken.None);
            if (seal)
            {
                await Store.SealAllAsync(CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            _directory.Dispose();
        }
    }
}
