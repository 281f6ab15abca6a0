namespace Bitacora.Cql.Tests;

/// <summary>Tests that count the whole process's allocations: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public static class AllocationTests;
