using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Testing.Queries;
using CsCheck;

namespace Bitacora.Testing.Storage;

/// <summary>Random records and queries: a store's answers are the evaluator's, wherever its records are.</summary>
public static class GeneratedAnswers
{
    private const long Hour = 3600 * RecordTime.Second;

    private static readonly Gen<RecordDraft[][]> _batches = RecordGenerator.Draft.Array[1, 16].Array[2, 6];

    // Batches lie around now, 8 hours and 16 hours before: ranges end within them and between them.
    private static readonly Gen<(long From, long To)> _range = Gen.Select(
        Gen.Int[0, 5].Select(i => new[] { -24, -14, -12, -5, -4, 0 }[i] * Hour),
        Gen.Int[0, 3].Select(i => new[] { -12, -4, 1, 24 }[i] * Hour));

    /// <summary>Compares stores with the reference.</summary>
    /// <param name="open">Opens empty stores, one for each state in which records may be.</param>
    /// <param name="iterations">Samples of records; 0: as many as <paramref name="seconds"/> allow.</param>
    /// <param name="queries">Queries a sample.</param>
    /// <param name="seconds">How long; null: as many as <paramref name="iterations"/> say.</param>
    public static Task CheckAsync(Func<Task<IReadOnlyList<IGeneratedStore>>> open, int iterations, int queries, int? seconds = null) => Gen
        .Select(_batches, QueryGenerator.Query.Array[queries], Gen.Int[1, 9], _range)
        .SampleAsync(
            async sample =>
            {
                var (batches, asked, pageSize, range) = sample;
                await using var reference = new MemoryLogStore(TimeProvider.System);
                var stores = await open();
                try
                {
                    for (var i = 0; i < batches.Length; i++)
                    {
                        var batch = RecordGenerator.Encode(OverTwoDays(batches[i], i), new Origin((UInt128)(i + 1) << 1));
                        await reference.AppendAsync(batch, (ulong)i + 1, CancellationToken.None);
                        foreach (var store in stores)
                        {
                            await store.AppendAsync(batch, (ulong)i + 1, i == batches.Length / 2);
                        }
                    }

                    foreach (var query in asked)
                    {
                        await CompareAsync(reference, stores, query.Text, pageSize, range);
                    }
                }
                finally
                {
                    foreach (var store in stores)
                    {
                        await store.DisposeAsync();
                    }
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
        MemoryLogStore reference, IReadOnlyList<IGeneratedStore> stores, string text, int pageSize, (long From, long To) range)
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
                var actual = await WholeAnswer.OfAsync(store.Store, query, new QueryOptions { Explain = true });
                var steps = string.Join('\n', actual.End.Explanation?.Steps.Select(step => $"{step.Name}: {step.Detail}") ?? []);
                actual.ShouldBeTheAnswer(expected, $"{text} (page after {context.Cursor})\n{steps}");
            }

            if (expected.End.Cursor is null)
            {
                return;
            }

            context = context with { Cursor = expected.End.Cursor.Encode() };
        }
    }
}
