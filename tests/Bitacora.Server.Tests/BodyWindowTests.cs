using System.IO.Compression;
using System.Text;
using Bitacora.Server.Answers;
using Bitacora.Server.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests;

public class BodyWindowTests
{
    private readonly InFlightBudget _budget = new(32 << 20, new FakeTimeProvider());

    [Theory]
    [InlineData(null, "none")]
    [InlineData("identity", "none")]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    [InlineData("gzip,deflate", "zlib")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("ZSTD", "zstd")]
    public async Task A_body_comes_out_whole_however_it_was_compressed(string? header, string compression)
    {
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body.AsSpan(0, 600_000));
        (await ReadAllAsync(Compress(body, compression), header, 1 << 30)).ShouldBe(body);
        _budget.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task A_bomb_is_refused_when_it_has_grown_beyond_the_limit()
    {
        var bomb = Compress(new byte[50_000_000], "gzip");
        var problem = await Should.ThrowAsync<ProblemException>(() => ReadAllAsync(bomb, "gzip", 1_000_000));
        problem.Problem.Code.ShouldBe(ProblemCode.BodyTooLarge);
        _budget.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_unread()
    {
        var problem = await Should.ThrowAsync<ProblemException>(() => ReadAllAsync(new byte[2000], null, 1999, new ThrowingStream()));
        problem.Problem.Status.ShouldBe(413);
    }

    [Fact]
    public async Task An_unknown_coding_is_refused()
    {
        var problem = await Should.ThrowAsync<ProblemException>(() => ReadAllAsync([1], "br", 100));
        problem.Problem.ShouldSatisfyAllConditions(p => p.Status.ShouldBe(415), p => p.Code.ShouldBe(ProblemCode.UnsupportedEncoding));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("zstd", "zstd")]
    public async Task A_compressed_body_that_is_damaged_or_cut_is_refused(string header, string compression)
    {
        var random = new byte[100_000];
        new Random(2).NextBytes(random);
        var body = Compress(random, compression);
        (await Should.ThrowAsync<ProblemException>(() =>
            ReadAllAsync(body[..^20], header, 1 << 20))).Problem.Code.ShouldBe(ProblemCode.BadEncoding);
        if (compression == "zstd")
        {
            // Its frames usually have no checksum: damage shows only where it breaks the format.
            body.AsSpan(0, 12).Fill(0xFF);
            body[0] = 0x28;
            body[1] = 0xB5;
            body[2] = 0x2F;
            body[3] = 0xFD;
        }

        body[40_000] ^= 0x55;
        (await Should.ThrowAsync<ProblemException>(() =>
            ReadAllAsync(body, header, 1 << 20))).Problem.Code.ShouldBe(ProblemCode.BadEncoding);
        _budget.Taken.ShouldBe(0);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    [InlineData("zstd", "zstd")]
    public async Task Bytes_behind_a_compressed_body_are_not_passed_over_in_silence(string header, string compression)
    {
        foreach (var size in (int[])[20, 8_000, 100_000])
        {
            var random = new byte[size];
            new Random(3).NextBytes(random);
            var body = Compress(random, compression);
            foreach (var behind in (int[])[1, 2, 3, 4, 5, 100, 8_191, 8_192, 20_000])
            {
                var tail = Encoding.UTF8.GetBytes(new string('x', behind));
                (await Should.ThrowAsync<ProblemException>(() => ReadAllAsync([.. body, .. tail], header, 1 << 20), $"{size} {behind}"))
                    .Problem.Code.ShouldBe(ProblemCode.BadEncoding);
            }
        }

        _budget.Taken.ShouldBe(0);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_body_may_have_several_members(string compression)
    {
        foreach (var size in (int[])[0, 20, 8_000, 100_000])
        {
            var random = new byte[size];
            new Random(4).NextBytes(random);
            var member = Compress(random, compression);
            (await ReadAllAsync([.. member, .. member, .. member], compression, 1 << 20)).ShouldBe([.. random, .. random, .. random]);
        }
    }

    [Fact]
    public async Task The_window_grows_only_as_far_as_it_may()
    {
        var request = Request(Encoding.UTF8.GetBytes(new string('x', 1_000_000)), null);
        using var body = await BodyWindow.OpenAsync(request, 1 << 30, _budget, TimeSpan.Zero, Cancel);
        while (await body.FillAsync(300_000, Cancel))
        {
        }

        body.Ended.ShouldBeFalse();
        body.Unread.Length.ShouldBeInRange(300_000, 524_288);
        _budget.Taken.ShouldBeLessThanOrEqualTo(524_288);
        body.Advance(body.Unread.Length);
        (await body.FillAsync(300_000, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_room_the_request_is_told_to_come_again()
    {
        await _budget.TryTakeAsync(32 << 20, TimeSpan.Zero, Cancel);
        var problem = await Should.ThrowAsync<ProblemException>(() => ReadAllAsync([1], null, 100));
        problem.Problem.ShouldSatisfyAllConditions(p => p.Status.ShouldBe(503), p => p.RetryAfter.ShouldBe(1));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Compress(byte[] body, string compression)
    {
        using var target = new MemoryStream();
        using (Stream compressor = compression switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "zlib" => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "raw" => new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(target, leaveOpen: true),
            _ => new BufferedStream(new MemoryStream()),
        })
        {
            compressor.Write(body);
        }

        return compression == "none" ? body : target.ToArray();
    }

    private static HttpRequest Request(byte[] body, string? header, Stream? stream = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = stream ?? new MemoryStream(body);
        context.Request.ContentLength = body.Length;
        if (header is not null)
        {
            context.Request.Headers.ContentEncoding = header;
        }

        return context.Request;
    }

    private async Task<byte[]> ReadAllAsync(byte[] bytes, string? header, long limit, Stream? stream = null)
    {
        using var body = await BodyWindow.OpenAsync(Request(bytes, header, stream), limit, _budget, TimeSpan.Zero, Cancel);
        using var read = new MemoryStream();
        while (await body.FillAsync(1 << 16, Cancel) || !body.Ended)
        {
            read.Write(body.Unread.Span);
            body.Advance(body.Unread.Length);
        }

        return read.ToArray();
    }

    private sealed class ThrowingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("It was read.");
    }
}
