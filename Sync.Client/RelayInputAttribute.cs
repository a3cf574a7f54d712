namespace Sync.Client;

/// <summary>Names the model's input that a property of a row type fills, where the property's own name does not.</summary>
/// <param name="name">As the model's schema has it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RelayInputAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
