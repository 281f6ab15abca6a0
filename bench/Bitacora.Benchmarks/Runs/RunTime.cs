namespace Bitacora.Benchmarks.Runs;

/// <summary>What one run took, in milliseconds: on the clock, and of processors.</summary>
internal readonly record struct RunTime(double WallMs, double CpuMs);
