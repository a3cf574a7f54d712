namespace Shared.Contracts.Api;

/// <summary>What tells a node which schema its app was built for. Check-ins carry the names.</summary>
public enum SchemaSource
{
    /// <summary>The first release that the node accepted: a release with other inputs, classes or task is refused.</summary>
    FirstRelease,

    /// <summary>The app's options: a release that differs from them is refused.</summary>
    Stated,

    /// <summary>The types of the app's rows: inputs are filled by name. A release with an input that a type lacks is refused, and so is one
    /// with other classes or another task.</summary>
    RowType,

    /// <summary>Nothing: the app takes every schema.</summary>
    Any,
}
