namespace Relay.EndToEnd.Tests.Packages;

/// <summary>The packages are packed once.</summary>
[CollectionDefinition(PackageFeed.Collection)]
public sealed class PackageFeedCollection : ICollectionFixture<PackageFeed>;
