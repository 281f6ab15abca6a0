namespace Bitacora.Client.Entries;

/// <summary>Where a value lies.</summary>
/// <param name="NameAt">Where its name begins, or <see cref="EntryIndex.None"/>.</param>
/// <param name="ValueAt">Where its type stands.</param>
/// <param name="Hole">The number of the hole that it fills where it has no name of its own, or <see cref="EntryIndex.None"/>.</param>
/// <param name="IsScope">Whether it comes from a scope.</param>
internal readonly record struct ValuePlace(int NameAt, int ValueAt, int Hole, bool IsScope);
