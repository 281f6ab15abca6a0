using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>What DuckDB cannot go on from ends the process; all else does not.</summary>
public sealed class EngineFaultsTests
{
    private readonly List<string> _ended = [];

    [Theory]
    [InlineData("FATAL Error: fsync failed!")]
    [InlineData("FATAL Error: Failed: database has been invalidated because of a previous fatal error. The database must be restarted "
        + "prior to being used again.\nOriginal error: \"fsync failed!\"")]
    [InlineData("TransactionContext Error: Failed to commit: Could not fsync file \"/data/days/2026-11-25.duckdb\": "
        + "No space left on device")]
    [InlineData("IO Error: Detached database 'f2026_11_25', but CHECKPOINT during DETACH failed. \nCheckpoint failed for database "
        + "\"f2026_11_25\". The database has been invalidated. Original error: fsync failed!")]
    public void A_failed_fsync_and_an_engine_that_gave_up_end_the_process(string reason)
    {
        var faults = new EngineFaults((message, _) => _ended.Add(message));
        faults.Of("COMMIT", reason).Reason.ShouldBe(reason);
        _ended.ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Theory]
    [InlineData("IO Error: Checkpoint failed for database \"f2026_11_25\". The database has been invalidated. Original error: Could not "
        + "write file \"/data/days/2026-11-25.duckdb\": No space left on device")]
    [InlineData("IO Error: Database \"f2026_11_25\" has been invalidated because checkpointing failed. Detach and reattach it before using "
        + "it again. Original error: Could not write file \"/data/days/2026-11-25.duckdb\": No space left on device")]
    [InlineData("Conversion Error: Could not convert string 'FATAL Error: fsync failed!' to DOUBLE")]
    [InlineData("Out of Memory Error: failed to pin block of size 256.0 KiB (22.8 MiB/22.8 MiB used)")]
    [InlineData("INTERRUPT Error: Interrupted!")]
    [InlineData(null)]
    public void A_file_that_can_be_attached_again_and_a_statement_that_failed_end_nothing(string? reason)
    {
        new EngineFaults((message, _) => _ended.Add(message)).Of("COMMIT", reason);
        _ended.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Out of Memory Error: failed to pin block of size 256.0 KiB (22.8 MiB/22.8 MiB used)", true)]
    [InlineData("TransactionContext Error: Failed to commit: could not allocate block of size 256.0 KiB (22.8 MiB/22.8 MiB used)", true)]
    [InlineData("TransactionContext Error: Failed to commit: Could not write file: No space left on device", false)]
    [InlineData("Conversion Error: Could not convert string 'Out of Memory (1 MiB/1 MiB used)' to DOUBLE", false)]
    public void Too_little_memory_is_told_from_other_faults(string reason, bool isOutOfMemory) =>
        new EngineException("COMMIT", reason).IsOutOfMemory.ShouldBe(isOutOfMemory);
}
