namespace Relay.WebConsole.Layout;

/// <summary>The parts of the console, in the order of its navigation.</summary>
public enum Section
{
    Home,
    Models,
    Training,
    Rollouts,
    Fleet,
    Data,
    Audit,
    Settings,

    /// <summary>Pages outside of the navigation.</summary>
    None,
}
