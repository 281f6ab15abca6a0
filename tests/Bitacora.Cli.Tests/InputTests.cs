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
    [InlineData("shop-2024-05-01.log", "shop-2024-05-01")]
    [InlineData("app.log.2024-05-01", "app.log")]
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
        UnfinishedLine.IsIn(Encoding.UTF8.GetBytes(line)).ShouldBe(unfinished);

    [Fact]
    public async Task A_file_that_grew_is_the_same_file() =>
        await Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 120].Array[1, 40], Gen.Int[1, 40]).SampleAsync(async (lines, cut) =>
        {
            var whole = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            var small = Encoding.UTF8.GetBytes(string.Concat(lines.Take(cut).Select(line => line + "\n")));
            var known = FileGeneration.Candidates(Start(small)).First();
            var (origin, stored) = await FileGeneration.FindAsync(Start(whole), Known(known, small.Length));
            origin.ShouldBe(known);
            stored.ShouldBe([new PositionRange(0, (ulong)small.Length)]);
        });

    [Fact]
    public async Task A_file_begun_anew_is_another_file()
    {
        var known = FileGeneration.Candidates(Encoding.UTF8.GetBytes("{\"n\":1}\n")).First();
        var (origin, stored) = await FileGeneration.FindAsync(Encoding.UTF8.GetBytes("{\"n\":2}\n"), Known(known, 8));
        origin.ShouldNotBe(known);
        stored.ShouldBeEmpty();
        origin.IsByteOffsets.ShouldBeTrue();
    }

    [Fact]
    public void An_unfinished_last_line_does_not_identify_a_file() =>
        FileGeneration.Candidates(Encoding.UTF8.GetBytes("{\"n\":1}\n{\"n\":")).First()
            .ShouldBe(FileGeneration.Candidates(Encoding.UTF8.GetBytes("{\"n\":1}\n")).First());

    private static ReadOnlyMemory<byte> Start(byte[] file) => file.AsMemory(0, Math.Min(file.Length, FileGeneration.Identity));

    private static Func<Origin, Task<IReadOnlyList<PositionRange>>> Known(Origin known, int length) => asked =>
        Task.FromResult<IReadOnlyList<PositionRange>>(asked == known ? [new PositionRange(0, (ulong)length)] : []);
}
