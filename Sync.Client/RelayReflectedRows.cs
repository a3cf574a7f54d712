using System.Diagnostics.CodeAnalysis;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client;

/// <summary>Row types without <see cref="RelayRowAttribute"/>: the compiler takes these methods where the one of
/// <see cref="RelaySyncOptions"/> does not fit the type.</summary>
public static class RelayReflectedRows
{
    /// <summary>Adds a model and the type of its rows, for <see cref="IRelayModel{TRow}"/>. A model may have several row types.</summary>
    /// <typeparam name="TRow">A class, record or struct with a public property for each input of the model.</typeparam>
    /// <param name="options">The options of the node.</param>
    /// <param name="name">The model's name.</param>
    [RequiresUnreferencedCode(RowType.Why)]
    [RequiresDynamicCode(RowType.Why)]
    public static void AddModel<TRow>(this RelaySyncOptions options, string name) => options.AddModel<TRow>(name, _ => { });

    /// <summary>Adds a model and the type of its rows, and states what the type does not: the classes or the task.</summary>
    /// <typeparam name="TRow">A class, record or struct with a public property for each input of the model.</typeparam>
    /// <param name="options">The options of the node.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="expect">Sets the statement, such as <c>s => s.Classes = ["benign", "scan"]</c>.</param>
    [RequiresUnreferencedCode(RowType.Why)]
    [RequiresDynamicCode(RowType.Why)]
    public static void AddModel<TRow>(this RelaySyncOptions options, string name, Action<ExpectedSchema> expect)
    {
        options.AddModel(name, expect);
        options.RowTypes.Add(new ReflectedRowType<TRow>(name));
    }
}
