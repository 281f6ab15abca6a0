namespace Bitacora.Delivery.Forwarding;

/// <summary>The forwarder has caught up with the log.</summary>
/// <param name="After">How long batches were left in the log.</param>
/// <param name="Batches">How many were read back.</param>
/// <param name="Records">Their records.</param>
/// <param name="Lost">What was left at the end and could not be read back.</param>
internal readonly record struct CaughtUp(TimeSpan After, long Batches, long Records, LostRecords Lost);
