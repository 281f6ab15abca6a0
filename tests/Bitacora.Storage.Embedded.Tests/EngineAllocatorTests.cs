using System.Runtime.InteropServices;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class EngineAllocatorTests
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ReadOption(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, ref long value, ref nuint length, nint none, nuint zero);

    [Theory]
    [InlineData("opt.narenas", sizeof(int), 1)]
    [InlineData("opt.dirty_decay_ms", sizeof(long), 10_000)]
    [InlineData("opt.muzzy_decay_ms", sizeof(long), 0)]
    public void The_allocator_of_DuckDB_has_our_settings(string option, int size, long expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "DuckDB has jemalloc on Linux only");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DUCKDB_JE_MALLOC_CONF") is not null, "the environment sets it otherwise");
        Assert.SkipUnless(EngineAllocator.HasRoom, "this process has too little memory to keep any");
        EngineDatabase.LibraryVersion.ShouldNotBeEmpty();
        var library = NativeLibrary.Load("duckdb", typeof(EngineDatabase).Assembly, null);
        var read = Marshal.GetDelegateForFunctionPointer<ReadOption>(NativeLibrary.GetExport(library, "duckdb_je_mallctl"));
        var (value, length) = (0L, (nuint)size);
        read(option, ref value, ref length, 0, 0).ShouldBe(0);
        value.ShouldBe(expected);
    }
}
