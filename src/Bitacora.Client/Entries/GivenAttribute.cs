namespace Bitacora.Client.Entries;

/// <summary>An attribute that a value of the entry became.</summary>
/// <param name="Index">Its number among the record's attributes.</param>
/// <param name="Place">Where the value's bytes begin, behind its type.</param>
internal readonly record struct GivenAttribute(int Index, int Place);
