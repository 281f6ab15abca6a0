using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Records of one minute, level, source and logger.</summary>
/// <param name="Minute">Minutes since 1970.</param>
/// <param name="Level">Their level.</param>
/// <param name="Source">Their source, UTF-8; empty where they have none.</param>
/// <param name="Logger">Their logger, UTF-8; empty where they have none.</param>
/// <param name="Count">How many.</param>
internal sealed record ManifestCount(long Minute, Level Level, byte[] Source, byte[] Logger, int Count);
