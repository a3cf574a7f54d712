namespace Relay.TestKit.ObjectStores;

/// <summary>An object as <see cref="FakeObjectStore"/> has it.</summary>
public sealed record FakeObject(byte[] Content, string EntityTag, string ContentType, string CacheControl);
