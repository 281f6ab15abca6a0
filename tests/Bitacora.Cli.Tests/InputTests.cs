using System.Text;
using Bitacora.Cli.Ingesting;
using Bitacora.Delivery;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Cli.Tests;

public sealed class InputTests
{
    [Theory]
    [InlineData("events.ndjson", "events")]
    [InlineData("/var/log/shop/app.log.1.gz", "app")]
    [InlineData("app.log.zst", "app")]
    [InlineData("shop-2024-05-01.log", "shop")]
    [InlineData("app.log.2024-05-01", "app")]
    [InlineData("app.log-20240501.gz", "app")]
    [InlineData("messages-20240501", "messages")]
    [InlineData("node.js.log.12", "node.js")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("plain", "plain")]
    public void The_source_of_a_file_is_its_stem(string path, string stem) => FileStem.Of(path).ShouldBe(stem);

    [Theory]
    [InlineData("{\"a\":1", true)]
    [InlineData("  {\"a\":{\"b\":\"half a stri", true)]
    [InlineData("{", true)]
    [InlineData("{\"a\":1}", false)]
    [InlineData("{\"a\":1} ", false)]
    [InlineData("plain text", false)]
    [InlineData("", false)]
    [InlineData("{\"a\":nonsense", false)]
    public void A_half_written_object_is_told_from_a_bad_line(string line, bool unfinished) =>
        UnfinishedLine.IsIn(Encoding.UTF8.GetBytes(line), isBeingWritten: false).ShouldBe(unfinished);

    [Theory]
    [InlineData("plain text", true)]
    [InlineData("{\"a\":nonsense", true)]
    [InlineData("{\"a\":1}", false)]
    [InlineData("", false)]
    public void A_line_without_end_that_was_written_this_moment_may_go_on(string line, bool unfinished) =>
        UnfinishedLine.IsIn(Encoding.UTF8.GetBytes(line), isBeingWritten: true).ShouldBe(unfinished);

    [Fact]
    public async Task A_file_that_grew_is_the_same_file() =>
        await Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 120].Array[1, 40], Gen.Int[1, 40]).SampleAsync(async (lines, cut) =>
        {
            var whole = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            var small = Encoding.UTF8.GetBytes(string.Concat(lines.Take(cut).Select(line => line + "\n")));
            var known = First(Start(small));
            var (origin, stored) = await FileGeneration.FindAsync(Start(whole), Known(known, small.Length), SameContent);
            origin.ShouldBe(known);
            stored.ShouldBe([new PositionRange(0, (ulong)small.Length)]);
        });

    [Fact]
    public async Task A_file_begun_anew_is_another_file()
    {
        var known = First(Encoding.UTF8.GetBytes("{\"n\":1}\n"));
        var (origin, stored) = await FileGeneration.FindAsync(Encoding.UTF8.GetBytes("{\"n\":2}\n"), Known(known, 8), SameContent);
        origin.ShouldNotBe(known);
        stored.ShouldBeEmpty();
        origin.IsByteOffsets.ShouldBeTrue();
    }

    [Fact]
    public void An_unfinished_last_line_does_not_identify_a_file() =>
        First(Encoding.UTF8.GetBytes("{\"n\":1}\n{\"n\":"))
            .ShouldBe(First(Encoding.UTF8.GetBytes("{\"n\":1}\n")));

    [Fact]
    public async Task Files_that_begin_alike_are_told_apart_by_a_number()
    {
        var start = new byte[FileGeneration.Identity];
        var (first, second) = (FileGeneration.OriginOf(start, 0), FileGeneration.OriginOf(start, 1));
        first.ShouldNotBe(second);
        Func<Origin, Task<IReadOnlyList<PositionRange>>> bothKnown = asked => Task.FromResult<IReadOnlyList<PositionRange>>(
            asked == first || asked == second ? [new PositionRange(0, 5000)] : []);
        (await FileGeneration.FindAsync(start, bothKnown, (origin, _) => Task.FromResult(origin == second))).Origin.ShouldBe(second);
        var (origin, stored) = await FileGeneration.FindAsync(start, bothKnown, (_, _) => Task.FromResult(false));
        origin.ShouldBe(FileGeneration.OriginOf(start, 2));
        stored.ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_rotated_log_the_oldest_file_comes_first()
    {
        var screen = new TestScreen().Screen;
        InputList.Of(["b.log", "/l/a.log", "/l/a.log.1", "/l/a.log.10.gz", "/l/a.log.2.gz", "-", "/m/a.log.1", "b.log"], screen)
            .ShouldBe(["b.log", "/l/a.log.10.gz", "/l/a.log.2.gz", "/l/a.log.1", "/l/a.log", "-", "/m/a.log.1"]);
        InputList.Of(["pg-2024-05-02.log", "pg-2024-05-01.log", "m-20240502.gz", "m", "m-20240501.gz"], screen)
            .ShouldBe(["pg-2024-05-01.log", "pg-2024-05-02.log", "m-20240501.gz", "m-20240502.gz", "m"]);
    }

    [Fact]
    public void Noise_is_not_text_and_old_encodings_are()
    {
        var noise = new byte[64 << 10];
        new Random(7).NextBytes(noise);
        BinaryContent.IsIn(noise).ShouldBeTrue();
        BinaryContent.IsIn(noise.AsSpan(0, 1000)).ShouldBeTrue();
        BinaryContent.IsIn(Encoding.Latin1.GetBytes("ñandú áéíóú\r\n\tÑ\u001b[31mÁÉÍÓÚ\u001b[0m\n")).ShouldBeFalse();
        BinaryContent.IsIn(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("áéíóúñ\n", 2000)))).ShouldBeFalse();
        BinaryContent.IsIn(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("日本語\u0001\u0002\n", 2000)))).ShouldBeFalse();
    }

    private static Origin First(ReadOnlyMemory<byte> start) => FileGeneration.OriginOf(FileGeneration.Beginnings(start).First(), 0);

    private static Task<bool> SameContent(Origin origin, IReadOnlyList<PositionRange> stored) => Task.FromResult(true);

    private static ReadOnlyMemory<byte> Start(byte[] file) => file.AsMemory(0, Math.Min(file.Length, FileGeneration.Identity));

    private static Func<Origin, Task<IReadOnlyList<PositionRange>>> Known(Origin known, int length) => asked =>
        Task.FromResult<IReadOnlyList<PositionRange>>(asked == known ? [new PositionRange(0, (ulong)length)] : []);
}
