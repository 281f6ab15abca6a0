using System.Buffers;
using Bitacora.Server.Hosting;

namespace Bitacora.Server.Tests;

public class ReceiveBlocksTests
{
    [Fact]
    public async Task Connections_are_read_into_them()
    {
        // The framework adds a pool of its own, with blocks of 4 KiB, and the last one that is added counts.
        await using var server = await TestServer.StartAsync();
        server.Server.ConnectionMemory.ShouldBeOfType<ReceiveBlocks>();
    }

    [Fact]
    public void Only_so_many_large_ones_are_lent_and_one_that_comes_back_is_lent_again()
    {
        using var blocks = new ReceiveBlocks();
        IMemoryOwner<byte>[] large = [.. Enumerable.Range(0, ReceiveBlocks.MaxLarge).Select(_ => blocks.Rent())];
        large.ShouldAllBe(block => block.Memory.Length >= ReceiveBlocks.LargeBytes);
        using var small = blocks.Rent();
        small.Memory.Length.ShouldBeInRange(ReceiveBlocks.SmallBytes, ReceiveBlocks.LargeBytes / 2);
        using var wanted = blocks.Rent(ReceiveBlocks.LargeBytes);
        wanted.Memory.Length.ShouldBeGreaterThanOrEqualTo(ReceiveBlocks.LargeBytes);

        large[0].Dispose();
        large[0].Dispose();
        Should.Throw<ObjectDisposedException>(() => large[0].Memory);
        using var again = blocks.Rent();
        again.Memory.Length.ShouldBeGreaterThanOrEqualTo(ReceiveBlocks.LargeBytes);
        using var one = blocks.Rent();
        one.Memory.Length.ShouldBeLessThan(ReceiveBlocks.LargeBytes);
        Array.ForEach(large, block => block.Dispose());
    }
}
