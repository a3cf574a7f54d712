namespace Sync.Client;

/// <summary>Names the model input that a property of a row type fills, where that is not the property's own name.</summary>
/// <param name="name">The input's name in the model's schema.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RelayInputAttribute(string name) : Attribute
{
    /// <summary>The input's name in the model's schema.</summary>
    public string Name { get; } = name;
}
