namespace Bitacora.Client.Entries;

/// <summary>A template, and what is known of its holes' names.</summary>
internal sealed record KnownTemplate(byte[] Text, MessageTemplate Parsed, KnownName[] Names);
