using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>Records that no destination will ever take.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Batch">The records.</param>
/// <param name="Time">When they were given up, in units of 100 ns since 1970; 0 where the reason is lost.</param>
/// <param name="Reason">Why.</param>
public sealed record DeadLetter(string Name, RecordBatch Batch, long Time, string Reason);
