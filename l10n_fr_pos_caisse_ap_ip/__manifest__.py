{
    "name": "France - POS card terminal over IP (Caisse-AP)",
    "summary": "Send amounts to card terminals by the Caisse-AP (Concert) protocol",
    "version": "19.0.2.0.0",
    "development_status": "Beta",
    "category": "Sales/Point of Sale",
    "website": "https://github.com/OCA/l10n-france",
    "author": "Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["point_of_sale"],
    "external_dependencies": {"python": ["pycountry"]},
    "data": [
        "security/ir.model.access.csv",
        "security/transaction_rules.xml",
        "views/decision_views.xml",
        "views/transaction_views.xml",
        "views/day_total_views.xml",
        "views/pos_config_views.xml",
        "views/pos_payment_method_views.xml",
        "views/pos_payment_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "l10n_fr_pos_caisse_ap_ip/static/src/link.js",
            "l10n_fr_pos_caisse_ap_ip/static/src/pos/**/*",
        ],
    },
    "installable": True,
}
