namespace Sync.Client;

/// <summary>Marks a row type whose properties are read by generated code: the build implements <see cref="IRelayRow{TRow}"/> for it, and
/// <see cref="RelaySyncOptions.AddModel{TRow}(string)"/> then needs neither reflection nor code that is compiled at run time.</summary>
/// <remarks>The type, and each type around it, is <c>partial</c>. The rules by which properties fill inputs are those of
/// <see cref="IRelayModel{TRow}"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class RelayRowAttribute : Attribute;
