using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Values that no JSON line has, but a record batch of a stranger may: files answer as memory does.</summary>
public sealed class OddValuesTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("| stats sum(duration_ms), avg(duration_ms), min(duration_ms), max(duration_ms), p50(duration_ms), count(duration_ms)")]
    [InlineData("| stats sum(x), avg(x), min(x), max(x), p50(x), distinct(x) by source")]
    [InlineData("duration_ms<0 | stats sum(duration_ms), p99(duration_ms)")]
    [InlineData("| count by duration_ms | sort duration_ms")]
    [InlineData("| count by x | sort x")]
    [InlineData("| top 20 duration_ms")]
    [InlineData("* | sort duration_ms, -x")]
    [InlineData("duration_ms:NaN")]
    [InlineData("duration_ms:infinity")]
    [InlineData("NOT duration_ms>5")]
    [InlineData("duration_ms=0")]
    [InlineData("duration_ms!=0")]
    [InlineData("duration_ms>=1e308")]
    [InlineData("x<=0")]
    [InlineData("x=9007199254740993")]
    [InlineData("x>9007199254740992")]
    [InlineData("x:-0")]
    [InlineData("x~\"^-?(NaN|Inf)\"")]
    [InlineData("x:*a*")]
    [InlineData("message:*\u212A*")]
    [InlineData("message:\"l%_\\\\\"")]
    [InlineData("logger:l%*")]
    [InlineData("logger:\"it's\"")]
    [InlineData("logger=\"it's\"")]
    [InlineData("source=\"\" OR x=\"\"")]
    [InlineData("| count by message")]
    public async Task Files_answer_as_memory_does(string text)
    {
        double[] doubles = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0, double.MaxValue, double.MaxValue,
            double.Epsilon, -5, 1e22, 9007199254740992];
        string[] texts = ["a\0b", "it's", "l%_\\", "300 K", "300 \u212A", "\0", "\uFFFF\U0010FFFF", "''", "%", "\\", "x"];
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, _time);
        var origin = builder.AddOrigin(new Origin(42u << 1));
        for (var i = 0; i < doubles.Length * 3; i++)
        {
            var writer = builder.Begin();
            writer.SetTime(RecordTime.From(_now) - (i / 3));
            writer.SetText(NamedField.Message, texts[i % texts.Length]);
            writer.SetText(NamedField.Logger, texts[(i + 1) % texts.Length]);
            writer.SetText(NamedField.Source, i % 2 == 0 ? "" : "shop");
            writer.SetDuration(doubles[i % doubles.Length]);
            switch (i / doubles.Length)
            {
                case 0:
                    writer.AddAttribute("x"u8, doubles[i % doubles.Length]);
                    break;
                case 1:
                    writer.AddAttribute("x"u8, 9007199254740993 - i + doubles.Length);
                    break;
                default:
                    writer.AddAttribute("x"u8, Encoding.UTF8.GetBytes(texts[i % texts.Length]));
                    break;
            }

            writer.AddAttribute("it's \"\0"u8, i);
            writer.AddAttribute("x"u8, "again"u8);
            writer.TryCommit(origin, (ulong)i).ShouldBeTrue();
        }

        var batch = builder.Freeze();
        await using var reference = new MemoryLogStore(_time);
        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);
        await reference.AppendAsync(batch, 1, TestContext.Current.CancellationToken);
        await store.AppendAsync(batch, 1, TestContext.Current.CancellationToken);
        await store.SealAllAsync(TestContext.Current.CancellationToken);
        var context = new QueryContext
        {
            Now = _now,
            FromTicks = RecordTime.From(_now.AddHours(-1)),
            ToTicks = RecordTime.From(_now.AddHours(1)),
            PageSize = 7,
        };
        while (true)
        {
            var query = QueryParser.Parse(text, context);
            var expected = await WholeAnswer.OfAsync(reference, query);
            (await WholeAnswer.OfAsync(store, query)).ShouldBeTheAnswer(expected, $"{text} after {context.Cursor}");
            if (expected.End.Cursor is null)
            {
                return;
            }

            context = context with { Cursor = expected.End.Cursor.Encode() };
        }
    }
}
