using System.IO.Compression;
using System.Text;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// Compressed files that end too soon. With a server in another process: whether the framework reports such an end is a setting of the
/// process, which a server makes for itself.
/// </summary>
public sealed class TruncatedFileTests
{
    [Theory]
    [InlineData(0.6)]
    [InlineData(0.9999)]
    public async Task A_gzip_file_that_ends_too_soon_is_damaged_and_the_whole_one_goes_on_behind_it(double part)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var file = directory["job.log.gz"];
        var whole = Gzip(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"job {i} {i * 7919L * 104729} done\n")));
        await File.WriteAllBytesAsync(file, whole[..(int)(whole.Length * part)]);
        await using (var cut = RunningProcess.Start(["ingest", file, "--data", directory["data"]]))
        {
            (await cut.WaitAsync()).ShouldBe(1, cut.Talk);
            cut.Talk.ShouldContain("is damaged or cannot be read to its end");
        }

        // Two members one behind the other and zeros after them are whole too.
        await File.WriteAllBytesAsync(file, [.. whole, .. Gzip("the last one done\n"), .. new byte[512]]);
        await using var again = RunningProcess.Start(["ingest", file, "--data", directory["data"]]);
        (await again.WaitAsync()).ShouldBe(0, again.Talk);
        await using var search = RunningProcess.Start(["search", "done | count", "--data", directory["data"], "--format", "csv"]);
        (await search.WaitAsync()).ShouldBe(0, search.Talk);
        search.Output.ShouldBe(["count", "20001"]);
    }

    private static byte[] Gzip(string text)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }
}
