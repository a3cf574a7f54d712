namespace Shared.Contracts.Addresses;

/// <summary>Why an address has no features.</summary>
/// <param name="Detail">One line for people.</param>
public sealed record AddressRefusal(AddressRefusalReason Reason, string Detail);

/// <summary>What programs tell refused addresses by.</summary>
public enum AddressRefusalReason
{
    /// <summary>The text is no IPv4 address in dotted decimals and no IPv6 address.</summary>
    Malformed,

    /// <summary>The address is private, of one machine or link, multicast, or reserved: nothing on the Internet has it.</summary>
    NotPublic,
}
