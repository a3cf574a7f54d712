namespace Sync.Node;

/// <summary>What a command does with the store of the node.</summary>
internal enum StoreUse
{
    /// <summary>Reads what is there, also while another process has the store open. There has to be a store.</summary>
    Read,

    /// <summary>Tries whether it can be written, also while another process has it open, and makes its folder.</summary>
    Check,

    /// <summary>Changes it, so that no other process may have it open, and makes its folder.</summary>
    Change,
}
