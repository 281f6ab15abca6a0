using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>The columns name their compression: values that it was not made for are stored all the same.</summary>
public sealed class NamedCompressionTests : IDisposable
{
    private const int Records = 3_000;

    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Files_answer_as_memory_does()
    {
        await using var reference = new MemoryLogStore(_time);
        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);
        var sequence = 1UL;
        foreach (var batch in Batches())
        {
            await reference.AppendAsync(batch, sequence, TestContext.Current.CancellationToken);
            await store.AppendAsync(batch, sequence++, TestContext.Current.CancellationToken);
        }

        await store.SealAllAsync(TestContext.Current.CancellationToken);
        var context = new QueryContext
        {
            Now = _now,
            FromTicks = RecordTime.From(_now.AddDays(-3)),
            ToTicks = RecordTime.From(_now.AddHours(1)),
            PageSize = 1000,
        };
        foreach (var text in (string[])
            [
                "*", "| count by level, layer", "template:*x* | stats count(level), distinct(request_id), distinct(template)",
                "host:*é* | count by user_id",
            ])
        {
            var query = QueryParser.Parse(text, context);
            (await WholeAnswer.OfAsync(store, query)).ShouldBeTheAnswer(await WholeAnswer.OfAsync(reference, query), text);
        }
    }

    /// <summary>Nothing repeats, everything is as long as it may be, positions leap, and a few templates have a megabyte.</summary>
    private IEnumerable<RecordBatch> Batches()
    {
        var random = new Random(11);
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, _time);
        for (var i = 0; i < Records; i++)
        {
            var writer = builder.Begin();
            writer.SetTime(RecordTime.From(_now.AddMilliseconds(-random.Next(1 << 27))) + random.Next(10_000));
            writer.Level = (Level)random.Next(Enum.GetValues<Level>().Length);
            writer.Layer = (Layer)random.Next(2);
            for (var field = NamedField.Source; field < NamedField.Message; field++)
            {
                writer.SetText(field, random.Next(4) == 0 ? "" : Noise(random, random.Next(1, 300)));
            }

            writer.SetText(NamedField.Message, Noise(random, random.Next(200)));
            writer.SetText(NamedField.Template, Noise(random, i % 500 == 0 ? 1 << 20 : random.Next(3) == 0 ? 5_000 : 0));
            writer.SetDuration(BitConverter.Int64BitsToDouble(random.NextInt64()));
            for (var attribute = random.Next(250); attribute > 0; attribute -= 50)
            {
                writer.AddAttribute(Encoding.UTF8.GetBytes("a" + attribute), attribute % 2 == 0 ? attribute : 0.5);
            }

            var origin = new Origin(((UInt128)(ulong)random.NextInt64() << 64) | ((ulong)random.Next(200) << 1));
            writer.TryCommit(builder.AddOrigin(origin), (ulong)random.NextInt64(1L << 59)).ShouldBeTrue();
            if (builder.Count == 100 || builder.ByteLength > 4 << 20)
            {
                yield return builder.Freeze();
            }
        }

        if (builder.Count > 0)
        {
            yield return builder.Freeze();
        }
    }

    private static string Noise(Random random, int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            text.Append(random.Next(20) == 0 ? 'é' : (char)random.Next(' ', '~'));
        }

        return text.ToString();
    }
}
