-- A copy for tests charges nobody: managers must confirm the terminals there.
UPDATE pos_payment_method
   SET fr_caisse_ap_ip_database = 'neutralized'
 WHERE use_payment_terminal = 'fr-caisse_ap_ip';
