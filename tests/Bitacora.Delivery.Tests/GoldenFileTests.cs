using Bitacora.Delivery.Wal;
using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

/// <summary>
/// Files of every version that was ever written, made by Golden/write_wal_version_1.py, which follows docs/wal-format.md and shares no
/// code with the product. They are never changed.
/// </summary>
public class GoldenFileTests
{
    private const string Name = "00000000000000000041.wal";

    [Fact]
    public void Version_1_is_read_as_it_was_written_and_its_damage_is_named()
    {
        var files = new FaultyFiles();
        files.Put(Name, Golden());
        using var log = new OpenLog(files);
        log.Recovered.Select(entry => (entry.Sequence, entry.Arrival, entry.Batch.Count))
            .ShouldBe([(41UL, 17_000_000_000_000_000, 1), (43UL, 17_000_000_000_000_002, 3)]);
        var loss = log.Log.Recovery.Losses.ShouldHaveSingleItem();
        (loss.File, loss.Kind, loss.FirstSequence, loss.LastSequence).ShouldBe((Name, WalLossKind.Damaged, 42UL, 42UL));
        log.Log.NextSequence.ShouldBe(44UL);
    }

    [Fact]
    public void Headers_are_written_to_the_byte()
    {
        var golden = Golden();
        var file = new byte[WalFileHeader.Size];
        new WalFileHeader(0x0123456789ABCDEF, 41, 2).Write(file);
        file.AsSpan(WalFileHeader.CopySize).ToArray().ShouldBe(golden[WalFileHeader.CopySize..WalFileHeader.Size]);
        file[..WalFileHeader.CopySize].ShouldBe(file[WalFileHeader.CopySize..]);

        var entry = new byte[WalEntryHeader.Size];
        var length = BitConverter.ToInt32(golden, WalFileHeader.Size + 24);
        new WalEntryHeader(0x0123456789ABCDEF, 41, 17_000_000_000_000_000, length).Write(entry);
        entry.ShouldBe(golden[WalFileHeader.Size..(WalFileHeader.Size + WalEntryHeader.Size)]);
    }

    [Fact]
    public void What_is_written_is_headers_and_the_bytes_of_batches()
    {
        var batch = Batches.Of(0, 2);
        var files = OpenLog.With(batch);
        var content = files.Content("00000000000000000001.wal");
        WalFileHeader.TryRead(content.AsSpan(0, WalFileHeader.Size), out var file).ShouldBeTrue();
        (file.FirstSequence, file.Skipped).ShouldBe((1UL, 0U));
        WalEntryHeader.TryRead(content.AsSpan(WalFileHeader.Size), out var entry).ShouldBeTrue();
        (entry.Marker, entry.Sequence, entry.Length).ShouldBe((file.Marker, 1UL, batch.Bytes.Length));
        content[(WalFileHeader.Size + WalEntryHeader.Size)..].ShouldBe(batch.Bytes.ToArray());
        RecordBatch.Read(content.AsMemory(WalFileHeader.Size + WalEntryHeader.Size)).Count.ShouldBe(2);
    }

    [Fact]
    public void Every_file_has_a_marker_of_its_own() =>
        Enumerable.Range(0, 20).Select(_ => BitConverter.ToUInt64(OpenLog.With().Content("00000000000000000001.wal"), 8))
            .Distinct().Count().ShouldBe(20);

    private static byte[] Golden() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "wal-version-1.wal"));
}
